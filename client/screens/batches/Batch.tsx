import { PageTitle } from '../../components/PageTitle.tsx';

export function Batch() {
  return <PageTitle title="Batch" />;
}
