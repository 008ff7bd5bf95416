import { defineClient } from '@sodium/sdk';
import { PlansTab } from './client/admin/plans-tab.js';
import { RevenueTab } from './client/admin/revenue-tab.js';
import { TransactionsTab } from './client/admin/transactions-tab.js';
import { BalanceWidget } from './client/balance-widget.js';
import { BillingPage } from './client/billing-page.js';
import { InvoiceView } from './client/invoice-view.js';
import { InvoicesPage } from './client/invoices-page.js';
import { PlansPage } from './client/plans-page.js';
import { UsageTab } from './client/usage-tab.js';

export default defineClient((sodium) => {
  const { ui, api } = sodium;

  ui.registerPages({
    '/billing': { title: 'Billing', element: BillingPage },
    '/billing/invoices': { title: 'Invoices', element: InvoicesPage },
    '/billing/invoices/:number': { title: 'Invoice', element: InvoiceView },
    '/billing/plans': { title: 'Plans', element: PlansPage },
  });
  ui.addSidebarItem({
    label: 'Billing',
    icon: 'credit-card',
    href: '/billing',
    // Nothing to pay: no badge.
    badge: async () => (await api.get<{ count: number }>('/unpaid')).count || null,
  });
  ui.addServerTab({ id: 'usage', label: 'Usage & Cost', icon: 'receipt', element: UsageTab });
  ui.addDashboardWidget({ id: 'balance', title: 'Balance', size: 'small', element: BalanceWidget });

  const tabs: Record<string, string> = {
    plans: sodium.define('billing-plans', PlansTab),
    revenue: sodium.define('billing-revenue', RevenueTab),
    transactions: sodium.define('billing-transactions', TransactionsTab),
  };
  ui.addAdminTab({
    id: 'billing',
    label: 'Billing',
    subtabs: [
      { id: 'plans', label: 'Plans' },
      { id: 'revenue', label: 'Revenue' },
      { id: 'transactions', label: 'Transactions' },
    ],
    render: ({ subtab }) => document.createElement(tabs[subtab ?? 'plans'] ?? tabs.plans!),
  });
});
