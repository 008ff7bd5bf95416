import { z } from 'zod';

/** Checks the size of a widget. */
export const widgetSizeSchema = z.enum(['small', 'medium', 'large']);
const icon = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,60}$/, 'must be the name of a Lucide icon, such as "gauge"')
  .optional();
const label = z.string().min(1).max(60);
const entryId = z.string().regex(/^[a-z][a-z0-9-]{0,48}$/, 'must match ^[a-z][a-z0-9-]{0,48}$');
/** Checks the path of a page. */
export const pagePathSchema = z
  .string()
  .max(200)
  .regex(/^\/[A-Za-z0-9\-._~/:]*$/, 'must start with "/" and hold only letters, digits, - . _ ~ / and :params');

/** What a plugin adds to the panel, without code: the shell paints from this alone. */
export const contributesSchema = z.strictObject({
  pages: z
    .array(z.strictObject({ path: pagePathSchema, title: label, icon, admin: z.boolean().optional() }))
    .max(100)
    .optional(),
  sidebar: z
    .array(
      z.strictObject({
        id: entryId.optional(),
        label,
        icon,
        href: pagePathSchema,
        position: z.string().max(80).optional(),
        badge: z.boolean().optional(),
        group: z.string().max(60).optional(),
      }),
    )
    .max(20)
    .optional(),
  tabs: z
    .array(z.strictObject({ id: entryId, label, icon }))
    .max(20)
    .optional(),
  widgets: z
    .array(z.strictObject({ id: entryId, title: label, size: widgetSizeSchema.optional() }))
    .max(20)
    .optional(),
  adminTabs: z
    .array(
      z.strictObject({
        id: entryId,
        label,
        subtabs: z
          .array(z.strictObject({ id: entryId, label }))
          .max(20)
          .optional(),
      }),
    )
    .max(20)
    .optional(),
});

/** What a plugin adds to the panel, as its manifest declares it. */
export type Contributes = z.infer<typeof contributesSchema>;
