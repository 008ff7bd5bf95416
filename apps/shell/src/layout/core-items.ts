import { msg } from '@lit/localize';
import type { NavigationItem } from './navigation.js';

/** What the sidebar holds before plugins add to it. */
export function coreItems(): NavigationItem[] {
  return [
    { id: 'dashboard', label: msg('Dashboard'), href: '/', icon: 'layout-dashboard' },
    { id: 'servers', label: msg('Servers'), href: '/servers', icon: 'server' },
  ];
}
