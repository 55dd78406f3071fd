"""What all pages share: who is looking and at what, the cached answers, and the frame around charts and tables.

Pages import this package alone (`from townboard import shell`). `visit` knows the visitor, `url_state` the link, `filters` what
is picked, `view` what that looks at, `crumbs` where one is, `asking` the cached questions, `panels` what is drawn, `guard_rail` what is said when something of ours breaks.
"""

from townboard.shell import briefs as briefs
from townboard.shell import crumbs as crumbs
from townboard.shell import modes as modes
from townboard.shell.asking import ask as ask
from townboard.shell.asking import drawn as drawn
from townboard.shell.asking import per_view as per_view
from townboard.shell.asking import readings as readings
from townboard.shell.asking import seen_data_sets as seen_data_sets
from townboard.shell.cards import cards as cards
from townboard.shell.crumbs import rooms_are as rooms_are
from townboard.shell.filters import view as view
from townboard.shell.frame import frame as frame
from townboard.shell.frame import language_switch as language_switch
from townboard.shell.guard_rail import guarded as guarded
from townboard.shell.guard_rail import problem as problem
from townboard.shell.handing import handed as handed
from townboard.shell.linked import linked as linked
from townboard.shell.linked import linked_words as linked_words
from townboard.shell.meaning import definitions as definitions
from townboard.shell.panels import Exhibit as Exhibit
from townboard.shell.panels import banner as banner
from townboard.shell.panels import board as board
from townboard.shell.panels import cells as cells
from townboard.shell.panels import chart as chart
from townboard.shell.panels import heading as heading
from townboard.shell.panels import show as show
from townboard.shell.panels import table as table
from townboard.shell.panels import tile as tile
from townboard.shell.person import is_there as is_there
from townboard.shell.person import nothing_yet as nothing_yet
from townboard.shell.person import open_store as open_store
from townboard.shell.person import signed_in as signed_in
from townboard.shell.tracing import trace_panel as trace_panel
from townboard.shell.view import View as View
from townboard.shell.view import coverage_line as coverage_line
from townboard.shell.view import name as name
from townboard.shell.view import same_units as same_units
from townboard.shell.visit import House as House
from townboard.shell.visit import actor as actor
from townboard.shell.visit import can as can
from townboard.shell.visit import house as house
from townboard.shell.visit import language as language
from townboard.shell.visit import local_time as local_time
from townboard.shell.visit import may_open as may_open
from townboard.shell.visit import permitted as permitted
from townboard.shell.visit import say as say
