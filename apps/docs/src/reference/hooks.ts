import { HOOKS, type HookKind, type HookName } from '@sodium/sdk';
import ts from 'typescript';
import { declarationsIn, describeDeclaration } from './declarations.js';
import { sdkSource } from './sdk-source.js';

const KINDS: Record<HookKind, string> = {
  before:
    'Awaited, may deny. A handler that throws or is late denies too, unless the manifest says `"onError": "allow"`.',
  filter: 'Awaited for 300 ms, may change the marked fields. Left out on failure.',
  after: 'Tells what has happened. It cannot veto, and the panel does not wait for it.',
};

/** When each hook fires. The record is complete or the build fails: a hook without words is no hook. */
const FIRES: Record<HookName, string> = {
  'server:beforeCreate': 'Somebody is about to create a server; nothing is stored yet.',
  'server:beforeStart': 'Somebody, or a schedule, is about to start a server.',
  'server:beforeDelete': 'Somebody is about to delete a server.',
  'server:onCreate': 'A server was created and is stored.',
  'server:onDelete': 'A server was deleted.',
  'server:onStatusChange': 'The state of a server’s process changed, also by a crash.',
  'server:resourceUsage': 'The sampler measured a running server. Under load the latest sample of each server wins.',
  'auth:afterLogin': 'Somebody logged in.',
  'auth:afterRegister': 'An account was made.',
  'route:register': 'The routes of this plugin are reachable.',
  'ws:message': 'A user sent a message over the live connection, after its session and size were checked.',
  'db:afterSave':
    'A document was written: of the panel with its changes (secrets left out), of other plugins by name and id. Never ' +
    'for a plugin’s own writes, and never for a write that this hook caused.',
  'sidebar:items': 'The sidebar is laid out for a session. `client.js` may listen too, and comes after the backends.',
  'admin:tabs': 'The tabs of the admin area are laid out. `client.js` may listen too, and comes after the backends.',
};

/** What contexts are made of. */
const TYPES = ['HookUser', 'HookServer', 'ServerState', 'ServerDraft', 'Deny', 'SidebarEntry', 'AdminTabEntry'];

/** The page of all hooks: when each fires, what it may do, and its context. */
export async function hooksPage(sdk: string): Promise<string> {
  const contexts = await contextTexts(sdk);
  const hooks = (Object.keys(HOOKS) as HookName[]).map((name) => {
    const { kind, permission, mutable } = HOOKS[name];
    const facts = [
      `${FIRES[name]} ${KINDS[kind]}`,
      `Permission: ${permission ? `\`${permission}\`` : 'none'}.` +
        (mutable ? ` A handler may change ${mutable.map((field) => `\`ctx.${field}\``).join(', ')}.` : ''),
      '```ts\n' + contexts.get(name) + '\n```',
    ];
    return `## \`${name}\`\n\n${facts.join('\n\n')}`;
  });
  return [
    '# Hooks',
    'A plugin lists in [`plugin.json`](manifest.md) the hooks that it listens to, by name or by a glob such as `server:*`, ' +
      'and registers handlers with `sodium.hooks.on(event, handler, priority)`. Lower priorities run first (10 unless ' +
      'given); among equals the plugin that was activated first. The first denial ends the chain.',
    'A `before` hook has two seconds. For a plugin that cannot answer, because it failed, is being restarted or is in ' +
      'quarantine, the action is denied: a check that is broken must not be a check that is passed.',
    ...hooks,
    ...(await declarationsIn(sdk, 'hooks.ts'))
      .filter(({ name }) => TYPES.includes(name.text))
      .map((node) => describeDeclaration(node)),
  ].join('\n\n');
}

/** The type of each hook's context, as the SDK declares it. */
async function contextTexts(sdk: string): Promise<Map<string, string>> {
  const source = await sdkSource(sdk, 'hooks.ts');
  const contexts = source.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === 'HookContexts');
  if (!contexts) throw new Error('hooks.ts of the SDK has no interface "HookContexts".');
  return new Map(
    contexts.members
      .filter(ts.isPropertySignature)
      .map((member) => [
        (member.name as ts.StringLiteral).text,
        member.type!.getText(source).replaceAll(/^ {2}/gm, ''),
      ]),
  );
}
