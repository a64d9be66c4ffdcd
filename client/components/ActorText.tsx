import { messages, useMessages } from '../i18n/messages.ts';

const actorMessages = messages('actor', {
  en: { system: 'Protocol Banks' },
  zh: { system: 'Protocol Banks 系统' },
});

/** Who did something, as the fragment ActorName asks for it. */
export type ShownActor = { __typename: 'User'; displayName: string } | { __typename: 'System' };

export function ActorText({ actor }: { actor: ShownActor }) {
  return <>{useActorName()(actor)}</>;
}

export function useActorName(): (actor: ShownActor) => string {
  const t = useMessages(actorMessages);
  return (actor) => (actor.__typename === 'User' ? actor.displayName : t('system'));
}
