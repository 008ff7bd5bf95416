import { OPERATIONS, type Audience, type Operation } from '@sodium/contract/http';

const WHO: Record<Audience, string> = { anyone: '', user: 'session', admin: 'admin' };

/** The page of all routes, from the table that the OpenAPI document is made from. */
export function httpApiPage(): string {
  return [
    '# The HTTP interface',
    'Everything the panel’s own pages do goes through these routes. The same as an ' +
      '[OpenAPI 3.1 document](/docs/openapi.json), for tools that generate clients.',
    '## Rules for all of them',
    [
      '- Lists answer `{"items": […]}`, single things the object itself, errors `{"error": {"code", "message", "plugin"?, "details"?}}`.',
      '- Without a session: 401. With the wrong role: 403. Both before the body is read. Invalid input: 400.',
      '- A request that changes something and names a foreign `Origin` is refused. Programs that are no browser send none, and need nothing but the cookie of `POST /api/auth/login`.',
      '- The panel’s routes take 3 000 requests a minute from one caller, each plugin’s 600 unless the operator says otherwise. Beyond that: 429 with `Retry-After`.',
      '- A plugin’s own routes are below `/api/plugins/<id>/`; what they take and answer is the plugin’s to say.',
    ].join('\n'),
    ...OPERATIONS.map(({ title, operations }) => `## ${title}\n\n${operations.map(describe).join('\n\n')}`),
  ].join('\n\n');
}

function describe({ method, path, audience, does, refusals = {} }: Operation): string {
  const refused = Object.entries(refusals).map(
    ([status, codes]) => `${status} ${codes.map((code) => `\`${code}\``).join(', ')}`,
  );
  return [
    `### \`${method} ${path}\``,
    [does, WHO[audience] && `Needs: ${WHO[audience]}.`, refused.length > 0 && `Refusals: ${refused.join('; ')}.`]
      .filter(Boolean)
      .join(' '),
  ].join('\n\n');
}
