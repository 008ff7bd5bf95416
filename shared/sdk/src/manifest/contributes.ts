import { z } from 'zod';

/** Checks the size of a widget. */
export const widgetSizeSchema = z.enum(['small', 'medium', 'large']);
const icon = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,60}$/, 'must be the name of a Lucide icon, such as "gauge"')
  .optional()
  .describe('The name of a Lucide icon, such as "gauge".');
const label = z.string().min(1).max(60).describe('What people read there.');
const entryId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,48}$/, 'must match ^[a-z][a-z0-9-]{0,48}$')
  .describe('Unique within the plugin: lower case, digits and dashes.');
/** Checks the path of a page. */
export const pagePathSchema = z
  .string()
  .max(200)
  .regex(/^\/[A-Za-z0-9\-._~/:]*$/, 'must start with "/" and hold only letters, digits, - . _ ~ / and :params');

/** What a plugin adds to the panel, without code: the shell paints from this alone. */
export const contributesSchema = z.strictObject({
  pages: z
    .array(
      z.strictObject({
        path: pagePathSchema.describe('The address of the page. It may hold ":params".'),
        title: label,
        icon,
        admin: z.boolean().optional().describe('Only admins see it.'),
      }),
    )
    .max(100)
    .optional()
    .describe('Pages. They need the permission "ui:pages".'),
  sidebar: z
    .array(
      z.strictObject({
        id: entryId.optional(),
        label,
        icon,
        href: pagePathSchema.describe('Where it leads, within the panel.'),
        position: z.string().max(80).optional().describe('"first", "last", "before:<id>" or "after:<id>".'),
        badge: z.boolean().optional().describe('The client says what stands beside it; the panel loads it for that.'),
        element: z.boolean().optional().describe('The client draws an element beside it; the panel loads it for that.'),
        group: z.string().max(60).optional().describe('Items of one group stand together.'),
      }),
    )
    .max(20)
    .optional()
    .describe('Entries of the sidebar. They need the permission "ui:sidebar".'),
  tabs: z
    .array(z.strictObject({ id: entryId, label, icon }))
    .max(20)
    .optional()
    .describe('Tabs in the view of a server. They need the permission "ui:server-tabs" or "ui:pages".'),
  widgets: z
    .array(
      z.strictObject({
        id: entryId,
        title: label,
        size: widgetSizeSchema.optional().describe('Where it begins; its user chooses. Default: small.'),
      }),
    )
    .max(20)
    .optional()
    .describe('Widgets of the dashboard. They need the permission "ui:widgets" or "ui:pages".'),
  adminTabs: z
    .array(
      z.strictObject({
        id: entryId,
        label,
        subtabs: z
          .array(z.strictObject({ id: entryId, label }))
          .max(20)
          .optional()
          .describe('A second row of tabs below it.'),
      }),
    )
    .max(20)
    .optional()
    .describe('Tabs on its own page in the admin area. They need the permission "ui:admin".'),
});

/** What a plugin adds to the panel, as its manifest declares it. */
export type Contributes = z.infer<typeof contributesSchema>;
