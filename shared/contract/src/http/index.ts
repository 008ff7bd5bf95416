import { accountOperations } from './account-operations.js';
import { adminOperations } from './admin-operations.js';
import { adminPluginOperations } from './admin-plugin-operations.js';
import type { OperationGroup } from './operation.js';
import { panelOperations } from './panel-operations.js';
import { pluginOperations } from './plugin-operations.js';
import { previewOperations } from './preview-operations.js';
import { serverOperations } from './server-operations.js';

export { openApiDocument } from './open-api.js';
export type { Audience, Operation, OperationGroup } from './operation.js';

/** Every route of the panel that a program may call. A test holds it against the routers. */
export const OPERATIONS: readonly OperationGroup[] = [
  accountOperations,
  serverOperations,
  pluginOperations,
  adminPluginOperations,
  previewOperations,
  adminOperations,
  panelOperations,
];
