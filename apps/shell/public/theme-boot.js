// Runs before the first paint, so that no page flashes in the wrong colours. Keep in step with src/theme/theme-controller.ts.
(function () {
  var mode = 'system';
  try {
    mode = localStorage.getItem('sodium-theme') || 'system';
  } catch (error) {
    // Storage may be forbidden: follow the system.
  }
  var dark = mode === 'dark' || (mode !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  var root = document.documentElement;
  root.dataset.theme = dark ? 'dark' : 'light';
  root.classList.add(dark ? 'wa-dark' : 'wa-light');
})();
