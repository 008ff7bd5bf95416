import { definePlugin } from '@sodium/sdk';
import type { Summary } from './summary.js';

export default definePlugin((sodium) => {
  sodium.http.registerRoutes((router) => {
    router.get('/summary', async (req, res) => {
      const servers = await sodium.servers.list();
      // The plugin sees every server; each user is told of their own.
      const own = servers.filter(({ owner }) => req.user?.role === 'admin' || owner === req.user?.id);
      const summary: Summary = {
        running: own.filter(({ state }) => state === 'running').length,
        total: own.length,
      };
      res.json(summary);
    });
  });
});
