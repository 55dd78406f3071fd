"""The clerk's desk, without its furniture: which of four screens a workbook gets, how its findings are grouped, which answers a
question takes, what is corrected in a grid, and everything that was given. Pure; the page draws it.
"""

from townboard.desk.kept import At as At
from townboard.desk.kept import Cell as Cell
from townboard.desk.kept import Desk as Desk
from townboard.desk.kept import Meanwhile as Meanwhile
from townboard.desk.kept import Month as Month
from townboard.desk.months import due_words as due_words
from townboard.desk.months import likely_unit as likely_unit
from townboard.desk.months import months as months
from townboard.desk.months import next_month as next_month
from townboard.desk.questions import Group as Group
from townboard.desk.questions import answer as answer
from townboard.desk.questions import differing as differing
from townboard.desk.questions import element_of as element_of
from townboard.desk.questions import grouped as grouped
from townboard.desk.questions import key as key
from townboard.desk.questions import options as options
from townboard.desk.questions import places as places
from townboard.desk.questions import rivals as rivals
from townboard.desk.questions import shown as shown
from townboard.desk.screens import SCREENS as SCREENS
from townboard.desk.screens import SEVERITIES as SEVERITIES
from townboard.desk.screens import Screen as Screen
from townboard.desk.screens import counts as counts
