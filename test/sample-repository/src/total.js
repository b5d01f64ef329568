export const total = (lines) => lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0)
