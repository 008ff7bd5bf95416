/** What a plugin's author or admin reads when a call lacks its permission: what is missing, and who can mend it. */
export function permissionRefusal(call: string, permission: string, isRevoked = false): string {
  const mend = isRevoked
    ? `An admin took it back: it can be given again on the plugin's page in the admin area.`
    : `Add "${permission}" to "permissions" in plugin.json.`;
  return `${call} needs the permission "${permission}". ${mend}`;
}
