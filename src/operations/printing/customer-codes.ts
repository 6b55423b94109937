// Room: operations. Codes a piece carries because of its address.
import type { PieceToPrint } from '../../ledger/printing/prints.ts';
import type { PrintablePiece } from '../../rules/printing/printable.ts';
import { customerBarcode, customerBarcodeWith } from '../../rules/words/customer-barcode.ts';
import type { CustomerBarcode } from '../../rules/words/customer-barcode.ts';
import type { Address } from '../../rules/words/address.ts';
import type { PostalMaster } from '../../rules/words/postal.ts';

/** The customer barcode of an address, read with the postal data where there is any. */
export function barcodeOf(address: Address | null, master: PostalMaster | null): CustomerBarcode | null {
  if (address === null) return null;
  return master ? customerBarcodeWith(master, address) : customerBarcode(address);
}

/** The piece with the bars of its customer barcode and what its address lacks, where it goes by post to an address. */
export function withCustomerBarcode(piece: PieceToPrint, master: PostalMaster | null): PrintablePiece {
  return { ...piece, ...addressFacts(piece, master) };
}

/** What the postal data says of the address of a piece that goes home. */
export function addressFacts(
  { route, address }: Pick<PrintablePiece, 'route' | 'address'>,
  master: PostalMaster | null,
): Required<Pick<PrintablePiece, 'customerBarcode' | 'lacks'>> {
  if (route !== 'home' || address === null) return { customerBarcode: '', lacks: null };
  return { customerBarcode: barcodeOf(address, master)?.bars ?? '', lacks: master?.lacks(address) ?? null };
}
