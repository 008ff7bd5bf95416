import { z } from 'zod';
import { errorBodySchema } from '../errors.js';
import type { Audience, Operation, OperationGroup } from './operation.js';

type Json = Record<string, unknown>;

const AUDIENCES = {
  anyone: '',
  user: 'Needs a session.',
  admin: 'Needs an admin’s session; from a browser also the token of the admin document.',
} as const;

/** The OpenAPI 3.1 document of these operations. */
export function openApiDocument(groups: readonly OperationGroup[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const { title, operations } of groups)
    for (const operation of operations) {
      const path = (paths[operation.path.replaceAll(/:(\w+)|\*(\w+)/g, '{$1$2}')] ??= {});
      path[operation.method.toLowerCase()] = describe(operation, title);
    }
  return {
    openapi: '3.1.0',
    info: { title: 'Sodium', version, license: { name: 'MIT' }, description: 'The HTTP interface of the panel.' },
    tags: groups.map(({ title }) => ({ name: title })),
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'sodium_session' },
        metrics: { type: 'http', scheme: 'bearer' },
      },
      schemas: { Error: schemaOf(errorBodySchema, 'output') },
    },
  };
}

function describe(operation: Operation, tag: string): Json {
  const { audience, does, body, bodyType, query, path } = operation;
  return {
    tags: [tag],
    summary: does,
    ...(AUDIENCES[audience] && { description: AUDIENCES[audience] }),
    security: securityOf(operation),
    parameters: [...pathParameters(path), ...(query ? queryParameters(query) : [])],
    ...((body ?? bodyType) && { requestBody: { required: true, content: contentOf(body, bodyType) } }),
    responses: responsesOf(operation),
  };
}

function securityOf({ audience, path }: Operation): Json[] {
  if (audience === 'anyone') return [];
  return path === '/metrics' ? [{ session: [] }, { metrics: [] }] : [{ session: [] }];
}

const contentOf = (body: z.ZodType | undefined, type = 'application/json'): Json => ({
  [type]: { schema: body ? schemaOf(body, 'input') : { type: 'string', format: 'binary' } },
});

const pathParameters = (path: string): Json[] =>
  [...path.matchAll(/[:*](\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

function queryParameters(query: z.ZodType): Json[] {
  const { properties = {} } = schemaOf(query, 'input') as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

function responsesOf({ audience, answer, answerType, status, refusals = {} }: Operation): Json {
  const good = String(status ?? (answer === null ? 204 : 200));
  const content = answerType
    ? { [answerType]: {} }
    : answer
      ? { 'application/json': { schema: schemaOf(answer, 'output') } }
      : undefined;
  const always: Record<Audience, Record<number, readonly string[]>> = {
    anyone: {},
    user: { 401: ['LOGIN_REQUIRED'] },
    admin: { 401: ['LOGIN_REQUIRED'], 403: ['ADMIN_ONLY', 'ADMIN_TOKEN_REQUIRED'] },
  };
  const expected: Record<number, readonly string[]> = { ...always[audience], ...refusals };
  const refused = Object.entries(expected).map(([code, names]) => [
    code,
    {
      description: names.join(', '),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  ]);
  return { [good]: { description: 'Done', ...(content && { content }) }, ...Object.fromEntries(refused) };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const result: Json = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
  // The whole document names its dialect once.
  delete result.$schema;
  return result;
}
