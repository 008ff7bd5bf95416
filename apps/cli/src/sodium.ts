#!/usr/bin/env node
import { runProgram } from './program.js';
import { createTerminal } from './terminal/terminal.js';

const context = { terminal: createTerminal(), cwd: process.cwd(), env: process.env };
process.exitCode = await runProgram(process.argv.slice(2), context);
