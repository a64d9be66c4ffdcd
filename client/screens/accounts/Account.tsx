import { PageTitle } from '../../components/PageTitle.tsx';

export function Account() {
  return <PageTitle title="Account" />;
}
