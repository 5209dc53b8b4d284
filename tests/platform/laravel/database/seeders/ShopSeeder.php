<?php

namespace Database\Seeders;

use App\Models\Order;
use App\Support\Money;
use Illuminate\Support\Carbon;
use Illuminate\Support\Facades\DB;

/**
 * A tenant's products, customers and orders. The sandbox makes the same shop by the same rule (`../../sandbox/seed.ts`):
 * a linear congruence that starts with the CRC-32 of the tenant's id, asked in the same order.
 */
class ShopSeeder
{
    private int $random;

    private array $products = [];

    private array $customers = [];

    /** Customer → [orders, hundredths]. */
    private array $bought = [];

    public function __construct(private string $tenant, private array $seed)
    {
        $this->random = crc32($tenant);
    }

    /** `$orders` orders, `$minutes` apart from `$start` on. */
    public function fill(int $orders, Carbon $start, int $minutes): void
    {
        DB::connection('tenant')->transaction(function () use ($orders, $start, $minutes) {
            $this->products($start);
            $this->customers($start);
            foreach (range(1, $orders) as $n) {
                $this->order($n, $start->copy()->addMinutes($n * $minutes));
            }
            foreach ($this->bought as $id => [$orders, $spent]) {
                DB::connection('tenant')->table('customers')->where('id', $id)->update(['total_orders' => $orders, 'total_spent' => Money::text($spent)]);
            }
        });
    }

    private function products(Carbon $born): void
    {
        ['count' => $count, 'names' => $names, 'statuses' => $statuses, 'special' => $special] = $this->seed['products'];
        foreach (range(1, $count) as $n) {
            $product = [
                'id' => $this->uuid("product/$n"),
                'sku' => sprintf('%s-%03d', strtoupper(substr($this->tenant, 0, 3)), $n),
                'name' => $special[$n] ?? self::pick($names, $n)." no. $n",
                'price' => 4900 + $this->below(499900 - 4900),
                'stock_quantity' => $this->below(200),
                'status' => self::pick($statuses, $n),
            ];
            $this->products[] = $product;
            $this->insert('products', ['price' => Money::text($product['price']), 'created_at' => $born, 'updated_at' => $born] + $product);
        }
    }

    private function customers(Carbon $born): void
    {
        ['count' => $count, 'first_names' => $first, 'last_names' => $last, 'special' => $special] = $this->seed['customers'];
        foreach (range(1, $count) as $n) {
            $name = $special[$n] ?? ['first_name' => self::pick($first, $n), 'last_name' => self::pick($last, $n)];
            $this->customers[] = $id = $this->uuid("customer/$n");
            $this->insert('customers', $name + [
                'id' => $id,
                'email' => "customer$n@{$this->tenant}.test",
                'phone' => sprintf('+9198%08d', $this->below(99999999)),
                'accepts_marketing' => $n % 2 === 0,
                'tags' => $n % 3 === 0 ? '["vip"]' : '[]',
                'created_at' => $born,
                'updated_at' => $born,
            ]);
        }
    }

    private function order(int $n, Carbon $at): void
    {
        $id = $this->uuid("order/$n");
        $subtotal = 0; // in hundredths: sums of floats drift
        foreach (range(0, $this->below(3)) as $item) {
            $product = $this->products[$this->below(count($this->products))];
            $quantity = 1 + $this->below(3);
            $line = $quantity * $product['price'];
            $subtotal += $line;
            $this->insert('order_items', [
                'id' => substr($id, 0, -1).$item,
                'order_id' => $id,
                'product_id' => $product['id'],
                'sku' => $product['sku'],
                'name' => $product['name'],
                'quantity' => $quantity,
                'unit_price' => Money::text($product['price']),
                'total' => Money::text($line),
            ]);
        }
        $tax = intdiv($subtotal * 18, 100);
        $payment = self::pick(Order::PAYMENT_STATUSES, $n);
        $paid = match ($payment) {
            'paid', 'refunded' => $subtotal + $tax,
            'partial' => intdiv($subtotal + $tax, 2),
            default => 0,
        };
        $refunded = $payment === 'refunded' ? $paid : 0;
        $customer = self::pick($this->customers, $n);
        $this->bought[$customer] = [($this->bought[$customer][0] ?? 0) + 1, ($this->bought[$customer][1] ?? 0) + $paid - $refunded];
        $this->insert('orders', [
            'id' => $id,
            'order_number' => sprintf('ORD-%s-%04d', $at->format('Ymd'), $n),
            'status' => self::pick(Order::STATUSES, $n),
            'payment_status' => $payment,
            'customer_id' => $customer,
            'subtotal' => Money::text($subtotal),
            'tax' => Money::text($tax),
            'total' => Money::text($subtotal + $tax),
            'amount_paid' => Money::text($paid),
            'amount_refunded' => Money::text($refunded),
            'tags' => '[]',
            'created_at' => $at,
            'updated_at' => $at,
        ]);
    }

    private function insert(string $table, array $row): void
    {
        DB::connection('tenant')->table($table)->insert($row);
    }

    private function uuid(string $name): string
    {
        return DatabaseSeeder::uuid("{$this->tenant}/$name");
    }

    private function below(int $limit): int
    {
        $this->random = ($this->random * 1103515245 + 12345) & 0x7fffffff;

        return intdiv($this->random, 65536) % $limit;
    }

    private static function pick(array $list, int $n): mixed
    {
        return $list[$n % count($list)];
    }
}
