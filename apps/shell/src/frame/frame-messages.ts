/** What crosses the border between the admin document and the sealed frame that shows a plugin's tabs. */

export interface FrameTab {
  id: string;
  label: string;
  subtabs: { id: string; label: string }[];
}
export type ToastVariant = 'info' | 'success' | 'warning' | 'danger';

/** Frame to page. The sender may be hostile: whatever does not parse is dropped. */
export type FrameMessage =
  | { type: 'hello' }
  | { type: 'alive' }
  | { type: 'escape' }
  /** A preview whose token is worth nothing any more. */
  | { type: 'ended' }
  | { type: 'place'; path: string }
  | { type: 'height'; height: number }
  | { type: 'tabs'; tabs: FrameTab[] }
  | { type: 'toast'; message: string; variant: ToastVariant }
  | { type: 'confirm'; id: number; title: string; message: string; confirmLabel?: string; danger: boolean }
  | { type: 'navigate'; path: string }
  | { type: 'report'; message: string; stack: string; where: string };

/** Page to frame. */
export type PageMessage =
  | { type: 'show'; tab: string | null; subtab: string | null }
  | { type: 'theme'; mode: 'light' | 'dark'; tokens: Record<string, string> }
  | { type: 'look'; theme: string | null; mode: 'light' | 'dark' }
  /** The tried plugin has another content now. */
  | { type: 'reload' }
  | { type: 'ping' }
  | { type: 'confirmed'; id: number; answer: boolean };

const MOST_TABS = 20;

type Fields = Record<string, unknown>;

/** The message, cut to sane lengths, or null. */
export function parseFrameMessage(data: unknown): FrameMessage | null {
  if (typeof data !== 'object' || data === null) return null;
  const fields = data as Fields;
  switch (fields.type) {
    case 'hello':
    case 'alive':
    case 'escape':
    case 'ended':
      return { type: fields.type };
    case 'height':
      return Number.isFinite(fields.height) ? { type: 'height', height: Number(fields.height) } : null;
    case 'tabs':
      return Array.isArray(fields.tabs) ? { type: 'tabs', tabs: tabsOf(fields.tabs) } : null;
    case 'toast':
      return { type: 'toast', message: text(fields.message, 300), variant: variantOf(fields.variant) };
    case 'confirm':
      return confirmOf(fields);
    case 'navigate':
    case 'place':
      return isPagePath(fields.path) ? { type: fields.type, path: fields.path } : null;
    case 'report':
      return {
        type: 'report',
        message: text(fields.message, 1000),
        stack: text(fields.stack, 4000),
        where: text(fields.where, 200),
      };
    default:
      return null;
  }
}

const text = (value: unknown, most: number): string => (typeof value === 'string' ? value.slice(0, most) : '');

const variantOf = (value: unknown): ToastVariant =>
  value === 'success' || value === 'warning' || value === 'danger' ? value : 'info';

function confirmOf(fields: Fields): FrameMessage | null {
  if (!Number.isSafeInteger(fields.id)) return null;
  return {
    type: 'confirm',
    id: Number(fields.id),
    title: text(fields.title, 120),
    message: text(fields.message, 1000),
    danger: fields.danger === true,
    ...(text(fields.confirmLabel, 60) ? { confirmLabel: text(fields.confirmLabel, 60) } : {}),
  };
}

function tabsOf(values: unknown[]): FrameTab[] {
  return entriesOf(values).map((tab) => ({
    id: tab.id,
    label: tab.label,
    subtabs: entriesOf(Array.isArray(tab.subtabs) ? tab.subtabs : []).map(({ id, label }) => ({ id, label })),
  }));
}

function entriesOf(values: unknown[]): (Fields & { id: string; label: string })[] {
  const seen = new Set<string>();
  return values.slice(0, MOST_TABS).flatMap((value) => {
    const fields = (typeof value === 'object' && value !== null ? value : {}) as Fields;
    const [id, label] = [text(fields.id, 60), text(fields.label, 60)];
    if (!id || !label || seen.has(id)) return [];
    seen.add(id);
    return [{ ...fields, id, label }];
  });
}

const NOT_PAGES = /^\/(api|plugins|preview|assets|icons|metrics|healthz|readyz|admin)(\/|$|\?)/;

/** A page of the user area. Not the admin area's, which the plugin's user did not ask for, and nothing that is no page. */
function isPagePath(path: unknown): path is string {
  return (
    typeof path === 'string' &&
    path.length <= 500 &&
    /^\/(?![/\\])[^\s\\]*$/.test(path) &&
    !NOT_PAGES.test(path) &&
    !path.includes('..')
  );
}
