import { defineClient } from '@sodium/sdk';
import { DeliveryTab } from './client/delivery-tab.js';
import { MessagesTab } from './client/messages-tab.js';

export default defineClient((sodium) => {
  const delivery = sodium.define('discord-delivery', DeliveryTab);
  const messages = sodium.define('discord-messages', MessagesTab);
  sodium.ui.addAdminTab({
    id: 'discord',
    label: 'Discord',
    subtabs: [
      { id: 'delivery', label: 'Delivery' },
      { id: 'messages', label: 'Messages' },
    ],
    render: ({ subtab }) => document.createElement(subtab === 'messages' ? messages : delivery),
  });
});
