import { defineClient } from '@sodium/sdk';
import { NotesPage } from './notes-page.js';

export default defineClient((sodium) => {
  sodium.ui.registerPages({ '/my-plugin': { title: 'My plugin', element: NotesPage } });
  sodium.ui.addSidebarItem({ label: 'My plugin', icon: 'notebook-pen', href: '/my-plugin' });
});
