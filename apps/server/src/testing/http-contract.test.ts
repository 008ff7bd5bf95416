import { OPERATIONS, openApiDocument } from '@sodium/contract/http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestPanel } from './test-panel.js';
import { walkRoutes } from './walk-routes.js';

/** Pages and files of the shell, the guide and sealed frames are not for programs; plugins’ own routes are theirs to tell. */
const NOT_FOR_PROGRAMS = /^\/(preview\/|icons\/|docs\/|admin\{|[^a-z])/;
const described = OPERATIONS.flatMap(({ operations }) => operations);
const name = ({ method, path }: { method: string; path: string }): string =>
  `${method} ${path.replace(/(.)\/$/, '$1')}`;

let panel: TestPanel;
let built: string[];

beforeAll(async () => {
  const { started, routes } = await walkRoutes(() => TestPanel.start());
  panel = started;
  built = routes.filter(({ path, method }) => !NOT_FOR_PROGRAMS.test(path) && /^[A-Z]/.test(method)).map(name);
});
afterAll(() => panel?.dispose());

test('the description of the HTTP interface has every route of the panel, and no other', () => {
  expect(described.map(name).sort()).toEqual([...new Set(built)].sort());
});

test('who may call a route is what the description says', async () => {
  const address = (path: string): string => path.replace(/[:*]\w+/g, 'nothing-here');
  for (const { method, path, audience } of described.filter(({ audience }) => audience !== 'anyone')) {
    expect((await panel.nobody.call(method, address(path))).status, `${method} ${path}`).toBe(401);
    const asUser = await panel.user.call(method, address(path), {});
    expect(asUser.status === 403 && /ADMIN/.test(asUser.json?.error?.code), `${method} ${path}: ${asUser.status}`).toBe(
      audience === 'admin',
    );
  }
});

test('the OpenAPI document names each parameter of each path once', () => {
  const { paths } = openApiDocument(OPERATIONS, '1.0.0') as {
    paths: Record<string, Record<string, { parameters: { name: string; in: string }[] }>>;
  };
  for (const [path, operations] of Object.entries(paths))
    for (const { parameters } of Object.values(operations)) {
      const named = parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
      expect(named.sort(), path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter).sort());
    }
});
