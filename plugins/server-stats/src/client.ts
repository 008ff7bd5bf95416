import { defineClient } from '@sodium/sdk';
import { FleetWidget } from './client/fleet-widget.js';
import { ServerTab } from './client/server-tab.js';
import { StatsPage } from './client/stats-page.js';

export default defineClient((sodium) => {
  sodium.ui.registerPages({ '/stats': { title: 'Stats', element: StatsPage } });
  sodium.ui.addSidebarItem({
    label: 'Stats',
    icon: 'chart-line',
    href: '/stats',
    position: 'after:servers',
    // How many servers are over a threshold.
    badge: async () => (await sodium.api.get<{ count: number }>('/alerts')).count || null,
  });
  sodium.ui.addServerTab({ id: 'stats', label: 'Stats', icon: 'chart-line', element: ServerTab });
  sodium.ui.addDashboardWidget({ id: 'fleet', title: 'Fleet', size: 'medium', element: FleetWidget });
});
