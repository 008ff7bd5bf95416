// The backend half of the plugin. It runs in a sandbox of its own: no files, no network, no other modules, only the
// `sodium` object. This function runs at every start of the plugin, so it registers things and does nothing else.

const MAX_LENGTH = 280;

export default function (sodium) {
  const { db, http, hooks, config, logger } = sodium;

  // Collections keep JSON documents. Reads and writes give their result at once; what an answer tells is on disk.
  db.registerCollections(['greetings']);

  // Routes live below /api/plugins/hello and are there for everybody who is logged in.
  http.registerRoutes((router) => {
    router.get('/greetings', (req, res) => {
      const items = db.find('greetings', {}, { sort: { createdAt: -1 }, limit: 100 });
      res.json({ items, total: db.count('greetings') });
    });

    router.post('/greetings', (req, res) => {
      // Never trust what arrives: check its type, trim it, limit its length.
      const text = typeof req.body?.text === 'string' ? req.body.text.trim() : '';
      if (text === '' || text.length > MAX_LENGTH) {
        return res.status(400).json({
          error: { code: 'INVALID_GREETING', message: `A greeting has 1 to ${MAX_LENGTH} characters.` },
        });
      }
      const greeting = db.insert('greetings', {
        text,
        author: req.user.username,
        authorId: req.user.id,
        createdAt: new Date().toISOString(),
      });
      res.status(201).json(greeting);
    });

    router.delete('/greetings/:id', (req, res) => {
      const greeting = db.get('greetings', req.params.id);
      if (!greeting) {
        return res.status(404).json({ error: { code: 'NOT_FOUND', message: 'This greeting is gone already.' } });
      }
      if (greeting.authorId !== req.user.id && req.user.role !== 'admin') {
        return res
          .status(403)
          .json({ error: { code: 'FORBIDDEN', message: 'Only its author or an admin can remove a greeting.' } });
      }
      db.delete('greetings', greeting.id);
      res.status(204).end();
    });
  });

  // A `before` hook may refuse what is about to happen. Settings are always current: no restart is needed.
  hooks.on('server:beforeCreate', (ctx) => {
    if (!config.get('block_creation')) return;
    logger.info(`Refused the server "${ctx.server.name}" of ${ctx.user.username}.`);
    ctx.deny(config.get('block_reason') || 'New servers are paused for now.');
  });
}
