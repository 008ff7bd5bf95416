import { msg, str } from '@lit/localize';
import type { SettingProblem } from '@sodium/contract/settings';

/** What is wrong with a setting, for below its field: what the panel would say, in the language of its reader. */
export function settingWords(problem: SettingProblem): string {
  switch (problem.kind) {
    case 'required':
      return msg('This is required.');
    case 'text':
      return msg('Must be text.');
    case 'number':
      return msg('Must be a number.');
    case 'boolean':
      return msg('Must be true or false.');
    case 'address':
      return msg('Must be an address that begins with https:// or http://.');
    case 'colour':
      return msg('Must be a colour such as #3366ff.');
    case 'cron':
      return msg('Must be a cron expression such as "0 3 * * *".');
    case 'short':
      return msg(str`Needs at least ${problem.least} characters.`);
    case 'long':
      return msg(str`Has at most ${problem.most} characters.`);
    case 'small':
      return msg(str`Must be ${problem.least} or more.`);
    case 'large':
      return msg(str`Must be ${problem.most} or less.`);
    case 'pattern':
      return msg(str`Must match ${problem.pattern}.`);
    case 'option':
      return msg(str`Must be one of ${problem.options.join(', ')}.`);
  }
}
