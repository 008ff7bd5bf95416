import type { AddressInfo } from 'node:net';
import express from 'express';

/** The baseline of plugin routes: the same handlers in plain Express, with nothing else around them. */
const invoices = Array.from({ length: 1000 }, (_, n) => ({
  id: `inv_${n}`,
  user_id: String(n % 50),
  status: n % 3 ? 'paid' : 'open',
  total: n / 100,
}));
const app = express();
app.get('/ping', (_req, res) => void res.json({ ok: true }));
app.get(
  '/invoices',
  (req, res) => void res.json({ items: invoices.filter((invoice) => invoice.user_id === req.query.user_id) }),
);
const server = app.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
