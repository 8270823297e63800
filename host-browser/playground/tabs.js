/** Binds a row of tabs to their panels: arrows move, Home and End go to the ends. Calls back with the name of the tab that is shown. */
export function tabs(list, shown = () => {}) {
  const all = [...list.querySelectorAll('[role=tab]')];
  const panel = (tab) => document.getElementById(tab.getAttribute('aria-controls'));

  function select(tab, { focus = false } = {}) {
    for (const one of all) {
      const chosen = one === tab;
      one.setAttribute('aria-selected', `${chosen}`);
      one.tabIndex = chosen ? 0 : -1;
      panel(one).hidden = !chosen;
    }
    if (focus) tab.focus();
    shown(tab.dataset.name);
  }

  list.addEventListener('click', ({ target }) => {
    const tab = target.closest('[role=tab]');
    if (tab) select(tab);
  });
  list.addEventListener('keydown', (event) => {
    const at = all.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    select(all[(to + all.length) % all.length], { focus: true });
  });

  return {
    select: (name) => select(all.find((tab) => tab.dataset.name === name)),
    /** Writes something short beside the name of a tab; `tone` colours it. */
    badge(name, text, tone = '') {
      const badge = all.find((tab) => tab.dataset.name === name).querySelector('.badge');
      badge.textContent = text;
      badge.className = `badge ${tone}`;
      badge.hidden = text === '';
    },
  };
}
