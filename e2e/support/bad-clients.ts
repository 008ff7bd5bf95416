/** Clients of plugins, each bad in one way. The card stands in the place of its widget or page, and names it. */
export interface BadClient {
  client: string;
  /** What its card says, as a pattern. */
  says: RegExp;
  /** What somebody does before it fails. */
  click?: boolean;
  /** How long until it is noticed. */
  slow?: boolean;
}

const widget = (body: string, before = ''): string =>
  `export default (sodium) => { const { html, LitElement } = sodium.lit; ${before}
  sodium.ui.addDashboardWidget({ id: 'bad', title: 'Bad', ${body} }); };`;

const element = (members: string): string => `element: class extends LitElement { ${members} }`;

export const BAD_CLIENTS: Record<string, BadClient> = {
  'bad-import': { client: "throw new Error('broke at import');", says: /broke at import/ },
  'bad-registration': {
    client: "export default () => { throw new Error('broke at registration'); };",
    says: /broke at registration/,
  },
  'bad-silent': { client: 'export default () => {};', says: /did not register it/ },
  'bad-constructor': {
    client: widget(element("constructor() { super(); throw new Error('broke in the constructor'); }")),
    says: /broke in the constructor/,
  },
  'bad-render': { client: widget("render: () => { throw new Error('broke in render'); }"), says: /broke in render/ },
  'bad-element-render': {
    client: widget(element("render() { throw new Error('broke in the element'); }")),
    says: /broke in the element/,
  },
  'bad-update': {
    client: widget(
      element(
        "render() { return html`<button @click=${() => { this.broken = true; this.requestUpdate(); }}>Break</button>`; } updated() { if (this.broken) throw new Error('broke in an update'); }",
      ),
    ),
    says: /broke in an update/,
    click: true,
  },
  'bad-first-update': {
    client: widget(element("updated() { throw new Error('broke in its first update'); }")),
    says: /broke in its first update/,
  },
  'bad-connect': {
    client: widget(element("connectedCallback() { throw new Error('broke when it was added'); }")),
    says: /broke when it was added/,
  },
  'bad-tag': { client: widget("element: 'never-defined'"), says: /<never-defined> is not defined\. Pass the class/ },
  'bad-handler': {
    client: widget(
      "render: () => html`<button @click=${() => { throw new Error('broke in a handler'); }}>Break</button>`",
    ),
    says: /broke in a handler/,
    click: true,
  },
  'bad-promise': {
    client: widget(
      "render: () => html`<button @click=${async () => { throw new Error('broke in a promise'); }}>Break</button>`",
    ),
    says: /broke in a promise/,
    click: true,
  },
  'bad-timer': {
    client: widget(
      'render: () => html`<p>Fine so far</p>`',
      "setTimeout(() => { throw new Error('broke in a timer'); }, 1500);",
    ),
    says: /broke in a timer/,
  },
  'bad-hang-import': {
    client: 'await new Promise(() => {}); export default () => {};',
    says: /did not finish within 10 s/,
    slow: true,
  },
  'bad-hang-render': {
    client: widget('render: () => new Promise(() => {})'),
    says: /render\(\) did not finish within 10 s/,
    slow: true,
  },
};

export function badPlugin(id: string, { client }: BadClient): Record<string, string | object> {
  return {
    'plugin.json': {
      id,
      name: id,
      version: '1.0.0',
      type: 'widget',
      author: 'Nobody',
      description: 'Bad in one way.',
      sodium: '>=1.0.0',
      permissions: ['ui:widgets'],
      hooks: [],
      settings: {},
      contributes: { widgets: [{ id, title: id }] },
    },
    'client.js': client.replace("id: 'bad', title: 'Bad'", `id: '${id}', title: '${id}'`),
  };
}
