// @ts-check

/** @param {import('@sodium/sdk').ServerSodium} sodium */
export default (sodium) => {
  sodium.http.registerRoutes((router) => {
    router.get('/summary', async (req, res) => {
      const servers = await sodium.servers.list();
      // The plugin sees every server; each user is told of their own.
      const own = servers.filter(({ owner }) => req.user?.role === 'admin' || owner === req.user?.id);
      const running = own.filter(({ state }) => state === 'running').length;
      res.json({ running, total: own.length });
    });
  });
};
