import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestSandbox, type TestSandbox } from './testing/sandbox-fixture.js';

/** Packages as authors bundle them. Each case: imports, the body of an async function, and what it must return. */
const LIBRARIES: Record<string, { code: string; go: string; returns: unknown }> = {
  lodash: {
    code: `import _ from 'lodash';`,
    go: `return _.merge({}, { a: { b: 1 } }, { a: { c: _.chunk([1, 2, 3], 2) } })`,
    returns: { a: { b: 1, c: [[1, 2], [3]] } },
  },
  dayjs: {
    code: `import dayjs from 'dayjs'; import utc from 'dayjs/plugin/utc'; dayjs.extend(utc);`,
    go: `return dayjs.utc('2024-02-29').add(1, 'year').format('YYYY-MM-DD')`,
    returns: '2025-02-28',
  },
  jose: {
    code: `import { SignJWT, jwtVerify } from 'jose';`,
    go: `const key = new TextEncoder().encode('x'.repeat(32)); const token = await new SignJWT({ a: 1 }).setProtectedHeader({ alg: 'HS256' }).sign(key); return (await jwtVerify(token, key)).payload`,
    returns: { a: 1 },
  },
  handlebars: {
    code: `import Handlebars from 'handlebars';`,
    go: `return Handlebars.compile('Hi {{name}} {{#each x}}{{this}},{{/each}}')({ name: 'A', x: [1, 2] })`,
    returns: 'Hi A 1,2,',
  },
  ajv: {
    code: `import Ajv from 'ajv';`,
    go: `const valid = new Ajv().compile({ type: 'object', required: ['a'] }); return [valid({ a: 1 }), valid({})]`,
    returns: [true, false],
  },
  zod: {
    code: `import { z } from 'zod';`,
    go: `return z.object({ a: z.email(), b: z.coerce.number() }).safeParse({ a: 'x@y.zz', b: '4' })`,
    returns: { success: true, data: { a: 'x@y.zz', b: 4 } },
  },
  stripe: {
    code: `import Stripe from 'stripe';`,
    go: `const stripe = new Stripe('sk_test_x', { httpClient: Stripe.createFetchHttpClient() });
      const payload = JSON.stringify({ id: 'evt_1', object: 'event', type: 'a' });
      const header = await stripe.webhooks.generateTestHeaderStringAsync({ payload, secret: 'whsec' });
      const forged = await stripe.webhooks.constructEventAsync(payload + ' ', header, 'whsec').then(() => 'accepted', () => 'refused');
      return [(await stripe.webhooks.constructEventAsync(payload, header, 'whsec')).id, forged]`,
    returns: ['evt_1', 'refused'],
  },
};

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

describe('bundled packages', () => {
  it.each(
    Object.keys(LIBRARIES).flatMap((name) => [
      [name, 'as they are', false] as const,
      [name, 'minified', true] as const,
    ]),
  )('%s, %s', { timeout: 20_000 }, async (name, _how, minify) => {
    const { code, go, returns } = LIBRARIES[name]!;
    const bundled = await build({
      stdin: {
        contents: `${code}\nexport default () => ({ go: async () => { ${go} } });`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      write: false,
      minify,
      format: 'esm',
      platform: 'browser',
      conditions: ['worker'],
      target: 'es2022',
      define: { 'process.env.NODE_ENV': '"production"' },
    });
    const plugin = await sandbox.plugin(bundled.outputFiles[0]!.text);
    await plugin.instance.activate();
    expect(await plugin.instance.method('go', [], [])).toEqual(returns);
    await plugin.instance.stop(0);
  });
});
