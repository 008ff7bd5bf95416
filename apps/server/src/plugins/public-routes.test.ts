import { expect, test } from 'vitest';
import { isPublicRoute } from './public-routes.js';

const PATTERNS = ['/webhooks/stripe', '/feeds/:id', '/open/*'];

test.each([
  ['/webhooks/stripe', true],
  ['/webhooks/stripe/', true],
  ['/webhooks', false],
  ['/webhooks/stripe/admin', false],
  ['/feeds/7', true],
  ['/feeds', false],
  ['/open/a/b', true],
  ['/open', false],
  ['/open/../secret', false],
  ['/open/%2e%2e/secret', false],
  ['/feeds/a%2Fb', false],
  ['/feeds/%zz', false],
])('%s is open: %s', (path, open) => {
  expect(isPublicRoute(PATTERNS, path)).toBe(open);
});
