import { z } from 'zod';
import { registrySchema, sidebarEntriesSchema } from '../plugins.js';
import type { OperationGroup } from './operation.js';

const sidebar = z.object({ items: sidebarEntriesSchema });
const clientError = z.object({
  plugin: z.string().max(60),
  version: z.string().max(60),
  message: z.string().max(1000),
  stack: z.string().max(4000).optional(),
  where: z.string().max(200).optional(),
});

export const pluginOperations: OperationGroup = {
  title: 'Plugins, for users',
  operations: [
    {
      method: 'GET',
      path: '/api/registry',
      audience: 'user',
      does: 'The active plugins for this session, with an ETag. Never settings, nothing secret; pages and tabs for admins are told to admins alone.',
      answer: registrySchema,
    },
    {
      method: 'POST',
      path: '/api/registry/sidebar',
      audience: 'user',
      does: 'The sidebar after the filters of plugins’ backends.',
      body: sidebar,
      answer: sidebar,
    },
    {
      method: 'GET',
      path: '/plugins/:id/:hash/*path',
      audience: 'anyone',
      does: 'A file of an active plugin’s package that browsers may have: `client.js`, its styles, `assets/`.',
      answerType: '*/*',
    },
    {
      method: 'GET',
      path: '/packages/:name',
      audience: 'anyone',
      does: 'The authors’ command and the SDK of this version, for npm: `sodium-cli.tgz`, `sodium-sdk.tgz`.',
      answerType: 'application/gzip',
    },
    {
      method: 'POST',
      path: '/api/client-errors',
      audience: 'user',
      does: 'Tells the panel what failed in a browser, for the log of the plugin that caused it.',
      body: clientError,
      answer: null,
    },
  ],
};
