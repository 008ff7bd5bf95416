import { definePlugin } from '@sodium/sdk';
import type { Note } from './note.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_CHARACTERS = 500;

export default definePlugin((sodium) => {
  const { db } = sodium;
  db.registerCollections([{ name: 'notes', indexes: ['owner'] }]);

  sodium.http.registerRoutes((router) => {
    router.get('/notes', (req, res) => {
      res.json({ items: db.find<Note>('notes', { owner: req.user!.id }, { sort: { at: -1 } }) });
    });

    router.post('/notes', (req, res) => {
      const text = String((req.body as { text?: unknown } | undefined)?.text ?? '').trim();
      if (text === '' || text.length > MOST_CHARACTERS) {
        const message = `A note has 1 to ${MOST_CHARACTERS} characters.`;
        return res.status(400).json({ error: { code: 'INVALID_NOTE', message } });
      }
      return res.status(201).json(db.insert('notes', { owner: req.user!.id, text, at: new Date().toISOString() }));
    });

    router.delete('/notes/:id', (req, res) => {
      const note = db.get<Note>('notes', req.params.id ?? '');
      // Somebody else's note answers like one that does not exist.
      if (note?.owner !== req.user!.id) return res.sendStatus(404);
      db.delete('notes', note.id);
      return res.sendStatus(204);
    });
  });

  sodium.cron.register('tidy', '0 4 * * *', () => {
    const oldest = new Date(Date.now() - sodium.config.get<number>('keep_days') * DAY_MS).toISOString();
    for (const { id } of db.find<Note>('notes', { at: { $lt: oldest } })) db.delete('notes', id);
  });
});
