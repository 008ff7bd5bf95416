import { z } from 'zod';
import type { OperationGroup } from './operation.js';

export const panelOperations: OperationGroup = {
  title: 'The panel',
  operations: [
    {
      method: 'GET',
      path: '/healthz',
      audience: 'anyone',
      does: 'Answers as soon as the panel listens.',
      answer: z.object({ status: z.literal('ok') }),
    },
    {
      method: 'GET',
      path: '/readyz',
      audience: 'anyone',
      does: 'Ready once folders are read and active plugins have settled; 503 before.',
      answer: z.object({ status: z.enum(['ready', 'starting']) }),
    },
    {
      method: 'GET',
      path: '/metrics',
      audience: 'admin',
      does: 'Figures for Prometheus. The bearer token for it is made in the admin area.',
      answerType: 'text/plain',
      refusals: { 401: ['LOGIN_REQUIRED', 'WRONG_TOKEN'] },
    },
  ],
};
