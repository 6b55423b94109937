// Room: operations. Codes a piece carries because of its address.
import type { PieceToPrint } from '../ledger/prints.ts';
import type { PrintablePiece } from '../print/papers.ts';
import { customerBarcode } from '../rules/customer-barcode.ts';

/** The piece with the bars of its customer barcode, where it goes by post to an address. */
export function withCustomerBarcode(piece: PieceToPrint): PrintablePiece {
  const { route, address } = piece;
  const barcode = route === 'home' && address ? customerBarcode(address) : null;
  return { ...piece, customerBarcode: barcode?.bars ?? '' };
}
