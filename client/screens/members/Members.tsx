import { PageTitle } from '../../components/PageTitle.tsx';

export function Members() {
  return <PageTitle title="Members" />;
}
