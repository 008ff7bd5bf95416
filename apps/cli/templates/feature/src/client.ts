import { defineClient } from '@sodium/sdk';
import { notesPage } from './notes-page.js';

export default defineClient((sodium) => {
  sodium.ui.registerPages({ '/my-plugin': { title: 'My plugin', element: notesPage(sodium) } });
  sodium.ui.addSidebarItem({ label: 'My plugin', icon: 'notebook-pen', href: '/my-plugin' });
});
