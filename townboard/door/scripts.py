"""The scripts of ours that run in the browser, all constants: `guarding` lists their hashes, nothing else may run.

MEETING: one slide at a time, as large as the screen lets it be and as wide, arrow keys, automatic turn, Esc. PRINTING: charts take the paper's width; Ctrl+P prints the print version where
a table would be cut, and a table that is cut all the same says so on the paper. KEYBOARD: Tab passes a table in one step and picks no cell; an arrow key or Enter goes into it.
FOLLOWING: a click on a row of a board opens its place as a step of the back button, within the visit that is open.
"""

from __future__ import annotations

from typing import Final

MEETING: Final = """(() => {
  if (window.townboardMeeting) return;
  window.townboardMeeting = true;
  const asked = () => new URLSearchParams(location.search);
  const style = document.head.appendChild(document.createElement('style'));
  let at = 0, page = '', since = Date.now(), shown = '';
  const named = (one) => [...one.classList].find((name) => name.startsWith('st-key-'));
  const slides = () => [...document.querySelectorAll('.st-key-goal_tiles, [class*="st-key-block_"]')]
    .filter((one) => named(one) && (one.matches('.st-key-goal_tiles') || one.querySelector('.js-plotly-plot, .townboard-scroll, [data-testid="stMetric"]')));
  const fit = (slide) => {
    const part = slide.querySelector('[data-testid="stPlotlyChart"], .townboard-scroll, [data-testid="stHorizontalBlock"]') || slide.firstElementChild;
    if (!part) return;
    part.style.zoom = 1;
    const room = innerHeight - part.getBoundingClientRect().top - 84;
    if (part.matches('[data-testid="stPlotlyChart"]')) {
      const tall = part.scrollHeight, size = Math.max(Math.min(room / tall, 1), 0.4);
      part.style.zoom = size;
      Object.assign(part.closest('[data-testid="stElementContainer"]').style,
        { width: 100 / size + '%', maxWidth: 'none', flexShrink: 0, marginBottom: (size - 1) * tall + 'px' });
      return;
    }
    for (let size = 2; size >= 0.4; size -= 0.1) {
      part.style.zoom = size;
      if (part.getBoundingClientRect().height <= room && part.scrollWidth <= part.clientWidth + 2) return;
    }
  };
  const show = () => {
    if (asked().get('mode') !== 'meeting') { if (style.textContent) style.textContent = ''; shown = ''; return; }
    if (page !== location.pathname) { page = location.pathname; at = 0; since = Date.now(); }
    const all = slides();
    if (!all.length) return;
    at = (at + all.length) % all.length;
    const name = named(all[at]), now = name + ' ' + innerWidth + ' ' + innerHeight + ' ' + all[at].querySelectorAll('svg, tr').length;
    const heading = name === 'st-key-goal_tiles' ? '.st-key-goal { z-index: 1000002 !important; } ' : '';
    const rule = heading + '.' + name + ' { z-index: 1000001 !important; }';
    if (style.textContent !== rule) style.textContent = rule;
    if (now !== shown) { shown = now; fit(all[at]); }
    const count = document.querySelector('.townboard-count'), said = (at + 1) + ' / ' + all.length;
    if (count && count.textContent !== said) count.textContent = said;
  };
  const turn = (by) => { at += by; since = Date.now(); show(); };
  addEventListener('keydown', (event) => {
    if (asked().get('mode') !== 'meeting') return;
    const by = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ' ': 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 }[event.key];
    if (by) { event.preventDefault(); event.stopPropagation(); turn(by); }
    if (event.key === 'Escape') document.querySelector('.st-key-meeting_leave button')?.click();
  }, true);
  addEventListener('resize', show);
  setInterval(() => {
    const seconds = Number(asked().get('turn'));
    if (asked().get('mode') === 'meeting' && seconds >= 5 && Date.now() - since > seconds * 1000) turn(1);
    show();
  }, 400);
})();"""

PRINTING: Final = """(() => {
  if (window.townboardPrinting) return;
  window.townboardPrinting = true;
  const cut = () => [...document.querySelectorAll('[data-testid="stDataFrame"]')].filter((one) => {
    const room = one.querySelector('.dvn-scroller');
    return room && (room.scrollHeight > room.clientHeight + 4 || room.scrollWidth > room.clientWidth + 4);
  });
  addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== 'p') return;
    const enter = document.querySelector('.st-key-print_enter button');
    if (!enter || document.querySelector('.townboard-a4') || !cut().length) return;
    event.preventDefault();
    event.stopPropagation();
    enter.click();
    const began = Date.now();
    const wait = setInterval(() => {
      const still = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning';
      const leave = document.querySelector('.st-key-print_leave button');
      if (!(leave && still) && Date.now() - began < 20000) return;
      clearInterval(wait);
      addEventListener('afterprint', () => document.querySelector('.st-key-print_leave button')?.click(), { once: true });
      setTimeout(() => print(), 400);
    }, 200);
  }, true);
  addEventListener('beforeprint', () => {
    for (const one of cut()) one.dataset.townboardCut = '';
    for (const box of document.querySelectorAll('.js-plotly-plot .svg-container')) {
      const first = box.querySelector('svg.main-svg');
      const wide = first && Number(first.getAttribute('width')), high = first && Number(first.getAttribute('height'));
      if (!wide || !high) continue;
      box.dataset.was = box.getAttribute('style') || '';
      box.style.cssText = 'position: relative; width: 100%; height: auto; max-width: ' + wide + 'px; aspect-ratio: ' + wide + ' / ' + high;
      for (const drawing of box.querySelectorAll('svg.main-svg')) {
        drawing.setAttribute('viewBox', '0 0 ' + wide + ' ' + high);
        drawing.dataset.was = drawing.getAttribute('style') || '';
        drawing.style.cssText += '; position: absolute; inset: 0; width: 100%; height: 100%';
      }
    }
  });
  addEventListener('afterprint', () => {
    for (const one of document.querySelectorAll('[data-townboard-cut]')) delete one.dataset.townboardCut;
    for (const one of document.querySelectorAll('.js-plotly-plot [data-was]')) {
      one.setAttribute('style', one.dataset.was);
      delete one.dataset.was;
      one.removeAttribute('viewBox');
    }
  });
})();"""

FOLLOWING: Final = """(() => {
  if (window.townboardFollowing) return;
  window.townboardFollowing = true;
  addEventListener('click', (event) => {
    const row = event.target.closest('table.townboard tbody tr');
    if (!row) return;
    const links = row.querySelectorAll('a.townboard-place');
    const link = event.target.closest('a.townboard-place') || (links.length === 1 && !String(getSelection()) ? links[0] : null);
    if (!link) return;
    if (new URLSearchParams(location.search).get('mode') === 'meeting') { event.preventDefault(); return; }
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (document.querySelector('[data-testid="stApp"]')?.dataset.testConnectionState !== 'CONNECTED') return;
    event.preventDefault();
    history.pushState(null, '', link.href);
    dispatchEvent(new PopStateEvent('popstate'));
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  });
})();"""

KEYBOARD: Final = """(() => {
  if (window.townboardKeyboard) return;
  window.townboardKeyboard = true;
  let tabbed = false;
  const unentered = new WeakSet();
  const isTable = (one) => one instanceof HTMLCanvasElement && one.closest('[data-testid="stDataFrame"]');
  addEventListener('pointerdown', () => { tabbed = false; }, true);
  addEventListener('keydown', (event) => {
    tabbed = event.key === 'Tab';
    if (tabbed && isTable(event.target) && event.target.closest('[class*="st-key-grid_"]')) event.stopImmediatePropagation();
    if (/^(Arrow|Enter)/.test(event.key) && unentered.delete(event.target)) { event.target.blur(); event.target.focus(); }
  }, true);
  for (const kind of ['focus', 'focusin']) addEventListener(kind, (event) => {
    if (tabbed && isTable(event.target)) { unentered.add(event.target); event.stopImmediatePropagation(); }
  }, true);
})();"""
