import { PageTitle } from '../../components/PageTitle.tsx';

export function AcceptInvitation() {
  return <PageTitle title="AcceptInvitation" />;
}
