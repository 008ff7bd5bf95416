import { contributesSchema } from '@sodium/sdk/manifest';
import { z } from 'zod';
import {
  MAX_ANSWER_BYTES,
  MAX_ATTACHMENT_BYTES,
  MAX_HEADER_LENGTH,
  MAX_HEADER_VALUES,
  MAX_HEADERS,
} from '../protocol/frames.js';

/* Everything that a plugin process may say. It may be hostile: nothing here is taken on trust. */

export const failedSchema = z.object({
  name: z.string().max(200).default('Error'),
  message: z.string().max(4000).default(''),
  code: z.string().max(100).optional(),
  stack: z.string().max(10_000).default(''),
});
export type ChildError = z.infer<typeof failedSchema>;

export const doneSchema = z.object({ value: z.unknown() });

const headerName = z
  .string()
  .max(200)
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/);
// eslint-disable-next-line no-control-regex -- control characters are what this refuses
const HEADER_TEXT = /^[^\u0000-\u0008\u000a-\u001f\u007f\u0100-\uffff]*$/;
const headerValue = z.string().max(MAX_HEADER_LENGTH).regex(HEADER_TEXT);
export const headSchema = z.object({
  status: z.int().min(200).max(599),
  headers: z
    .record(headerName, z.union([headerValue, z.array(headerValue).max(MAX_HEADER_VALUES)]))
    .refine((headers) => Object.keys(headers).length <= MAX_HEADERS),
  body: z.int().min(0).max(MAX_ANSWER_BYTES),
});
export type Head = z.infer<typeof headSchema>;

export const callSchema = z.object({
  name: z.string().max(100),
  args: z.unknown(),
  via: z.int().optional(),
  attachment: z.int().min(0).max(MAX_ATTACHMENT_BYTES).default(0),
});
export type ChildCall = z.infer<typeof callSchema>;

export const logSchema = z.object({ level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string() });
export const pongSchema = z.object({ timers: z.int().min(0), calls: z.int().min(0) });

export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('passed'), changes: z.unknown().optional() }),
  z.object({ kind: z.literal('denied'), reason: z.string().max(300) }),
]);

export const registrationsSchema = z.object({
  routes: z.array(z.object({ method: z.string().max(20).nullable(), path: z.string().max(500) })).max(1000),
  hooks: z.array(z.object({ pattern: z.string().max(100), priority: z.number() })).max(200),
  crons: z
    .array(z.object({ name: z.string().max(80), expression: z.string().max(120), timezone: z.string().max(64) }))
    .max(100),
  methods: z.array(z.string().max(64)).max(200),
  collections: z.array(z.string().max(64)).max(1000),
  ui: contributesSchema,
  timers: z.boolean().default(false),
});
