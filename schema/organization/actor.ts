import type { UserRow } from '../../resolvers/organization/loadUsers.ts';
import { builder } from '../builder.ts';
import type { SchemaContext } from '../schemaContext.ts';
import { User } from './user.ts';

type SystemActor = { name: string };

export const System = builder.objectRef<SystemActor>('System').implement({
  description: 'This system itself, where nobody in particular asked.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The part of the system that acted.' }),
  }),
});

export const Actor = builder.unionType('Actor', {
  description: 'Who did something.',
  types: () => [User, System],
  resolveType: (actor) => ('displayName' in actor ? 'User' : 'System'),
});

/** The person who did something to an object that the viewer reads. */
export async function actorOf(userId: string, context: SchemaContext): Promise<UserRow | SystemActor> {
  return (await context.loaders.referencedUser.load(userId)) ?? { name: 'protocol-banks' };
}
