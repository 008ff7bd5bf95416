import type { DashboardItem } from '@sodium/contract';
import type { WidgetContribution } from '../slots/types.js';

export type WidgetSize = WidgetContribution['size'];

/** A widget in its place, with the size that its user or else its plugin gave it. */
export interface PlacedWidget {
  widget: WidgetContribution;
  size: WidgetSize;
  hidden: boolean;
}

/** Every widget there is, in the user's order; new ones at the end. */
export function placeWidgets(items: readonly DashboardItem[], widgets: readonly WidgetContribution[]): PlacedWidget[] {
  const byKey = new Map(widgets.map((widget) => [widget.key, widget]));
  return complete(items, widgets).flatMap(({ key, size, hidden = false }) => {
    const widget = byKey.get(key);
    return widget ? [{ widget, size: size ?? widget.size, hidden }] : [];
  });
}

/** The layout with an entry for each widget. Entries of widgets that nobody offers now keep their place. */
export function complete(items: readonly DashboardItem[], widgets: readonly WidgetContribution[]): DashboardItem[] {
  const known = new Set(items.map(({ key }) => key));
  return [...items, ...widgets.filter(({ key }) => !known.has(key)).map(({ key }) => ({ key }))];
}

export function changeItem(
  items: readonly DashboardItem[],
  key: string,
  change: Partial<DashboardItem>,
): DashboardItem[] {
  return items.map((item) => (item.key === key ? { ...item, ...change } : item));
}

/** Brings the named entries into this order, within the places that they have together. */
export function reorder(items: readonly DashboardItem[], keys: readonly string[]): DashboardItem[] {
  const moved = new Set(keys);
  const next = keys.flatMap((key) => items.filter((item) => item.key === key));
  return items.map((item) => (moved.has(item.key) ? (next.shift() ?? item) : item));
}

/** A list with one of its members at another place, or the same list when there is no such place. */
export function moved(keys: readonly string[], key: string, to: number): string[] {
  const target = Math.max(0, Math.min(keys.length - 1, to));
  const others = keys.filter((other) => other !== key);
  return [...others.slice(0, target), key, ...others.slice(target)];
}
