import { defineClient } from '@sodium/sdk';
import { SummaryWidget } from './summary-widget.js';

export default defineClient((sodium) => {
  sodium.ui.addDashboardWidget({
    id: 'summary',
    title: 'My plugin',
    size: 'small',
    element: SummaryWidget,
  });
});
