/** The commands a notice tells staff to use. */
export const commands = {
  showOrder: (order: string) => `npx handover orders show ${order}`,
  releaseOrder: (order: string) => `npx handover orders release ${order}`,
  retryStep: (key: string) => `npx handover steps retry "${key}"`,
  retryCallback: (id: string) => `npx handover callbacks retry ${id}`,
  importKeys: (pool: string) => `npx handover keys import ${pool} FILE`,
} as const;
