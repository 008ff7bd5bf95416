import { defineClient } from '@sodium/sdk';
import { summaryWidget } from './summary-widget.js';

export default defineClient((sodium) => {
  sodium.ui.addDashboardWidget({
    id: 'summary',
    title: 'My plugin',
    size: 'small',
    element: summaryWidget(sodium),
  });
});
