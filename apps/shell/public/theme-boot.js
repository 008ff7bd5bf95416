// Runs before the first paint, so that no page flashes in the wrong colours. Keep in step with src/theme/theme-controller.ts.
(function () {
  var root = document.documentElement;
  // The panel writes what the account has chosen; pages without a session go by what this browser remembers.
  var mode = root.dataset.mode || 'system';
  try {
    if (!root.dataset.mode) mode = localStorage.getItem('sodium-theme') || 'system';
  } catch (error) {
    // Storage may be forbidden: follow the system.
  }
  var dark = mode === 'dark' || (mode !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  // A theme may be made for one mode alone.
  var only = root.dataset.modes;
  if (only === 'dark' || only === 'light') dark = only === 'dark';
  root.dataset.theme = dark ? 'dark' : 'light';
  root.classList.add(dark ? 'wa-dark' : 'wa-light');
})();
