import { PART_PROPERTIES, THEME_PARTS, THEME_TOKENS } from '@sodium/sdk/theme';

/** The page of what a theme may set. */
export function themePage(): string {
  const tokens = Object.entries(
    THEME_TOKENS as Record<string, { kind: string; default: string; dark?: string; description: string }>,
  );
  const kinds = [...new Set(tokens.map(([, { kind }]) => kind))];
  return [
    '# Theme tokens and parts',
    'A theme is a style sheet that sets these custom properties and styles these parts, and nothing else. The gallery ' +
      'shows what each is used for; [the tutorial](../tutorials/theme.md) makes a theme from them.',
    '## Tokens',
    ...kinds.map((kind) => `### ${kind}\n\n${tokenTable(tokens.filter(([, token]) => token.kind === kind))}`),
    '## Parts',
    'Selectors of the form `wa-button::part(base)`.',
    '| element | parts |\n| --- | --- |\n' +
      Object.entries(THEME_PARTS)
        .map(([element, parts]) => `| \`${element}\` | ${parts.map((part) => `\`${part}\``).join(', ')} |`)
        .join('\n'),
    '## Properties of parts',
    PART_PROPERTIES.map((property) => `\`${property}\``).join(', '),
  ].join('\n\n');
}

function tokenTable(tokens: [string, { default: string; dark?: string; description: string }][]): string {
  const rows = tokens.map(
    ([name, token]) =>
      `| \`--sodium-${name}\` | ${token.description} | \`${token.default}\` | ${token.dark ? `\`${token.dark}\`` : ''} |`,
  );
  return '| token | used for | default | in dark mode |\n| --- | --- | --- | --- |\n' + rows.join('\n');
}
