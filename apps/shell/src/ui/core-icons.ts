/** The Lucide icons that the shell itself draws. They come in one file; any other icon is fetched when it is named. */
export const CORE_ICONS = [
  'activity', 'archive', 'arrow-left', 'ban', 'bell', 'blocks', 'box', 'calendar', 'calendar-clock', 'check', 'chevron-down',
  'chevron-left', 'chevron-right', 'chevron-up', 'circle-alert', 'circle-check', 'circle-help', 'circle-x', 'clock',
  'cloud-off', 'code-xml', 'copy', 'cpu', 'ellipsis', 'external-link', 'eye', 'eye-off', 'file-text', 'gauge', 'globe',
  'grip-vertical', 'hard-drive', 'info', 'key-round', 'layout-dashboard', 'list', 'loader-circle', 'lock', 'log-out',
  'memory-stick', 'menu', 'minus', 'monitor', 'moon', 'octagon-x', 'package', 'palette', 'pause', 'pencil', 'pipette',
  'play', 'plug', 'plus', 'power', 'puzzle', 'refresh-cw', 'rotate-cw', 'scroll-text', 'search', 'send', 'server',
  'settings', 'shield', 'shield-alert', 'shield-check', 'skull', 'smartphone', 'square', 'star', 'sun', 'sun-moon', 'tablet',
  'terminal', 'trash-2', 'triangle-alert', 'user', 'user-plus', 'users', 'webhook', 'x', 'zap',
] as const; // prettier-ignore
