<?php

namespace Database\Seeders;

use App\Models\Permission;
use App\Models\Role;
use App\Models\Tenant;
use App\Models\User;
use App\Support\Dialect;
use App\Support\Seed;
use Illuminate\Database\Seeder;
use Illuminate\Support\Carbon;
use Laravel\Passport\Client;
use Laravel\Passport\ClientRepository;
use Ramsey\Uuid\Uuid;

/** Clients, users with a personal access token each, and tenants; writes who they are to `seeded.json` in the state directory. */
class DatabaseSeeder extends Seeder
{
    private array $seed;

    public function run(ClientRepository $clients): void
    {
        $this->seed = Seed::read();

        $cli = Dialect::passport() === 13 ? $this->clients13($clients) : $this->clients12($clients);

        foreach ($this->seed['users'] as $key => $user) {
            User::create(['name' => $user['name'], 'email' => self::email($key), 'password' => $this->seed['password'], 'email_verified_at' => now()]);
        }

        foreach ($this->seed['tenants'] as $id => $tenant) {
            Tenant::create(['id' => $id, 'name' => $tenant['name'], 'status' => $tenant['status']])
                ->run(fn () => $this->tenant($id, $tenant['shop']));
        }

        $users = [];
        foreach ($this->seed['users'] as $key => $user) {
            $users[$key] = [
                'email' => self::email($key),
                'password' => $this->seed['password'],
                'tenants' => (object) $user['tenants'],
                'pat' => User::where('email', self::email($key))->first()->createToken('seed')->accessToken,
            ];
        }

        file_put_contents(dirname(database_path()).'/seeded.json', json_encode(['client_id' => (string) $cli, 'passport' => Dialect::passport(), 'users' => $users], JSON_THROW_ON_ERROR));
    }

    private function clients13(ClientRepository $clients): string
    {
        $this->named('client/personal', $clients->createPersonalAccessGrantClient('Personal access'));

        return $this->named('client/cli', $clients->createAuthorizationCodeGrantClient('AutoCom CLI', ['http://127.0.0.1/callback'], confidential: false));
    }

    /** Passport 12 counts its clients: 1 and 2. */
    private function clients12(ClientRepository $clients): string
    {
        $cli = $clients->create(null, 'AutoCom CLI', 'http://127.0.0.1/callback', confidential: false);
        $clients->createPersonalAccessClient(null, 'Personal access', 'http://localhost');

        return $cli->getKey();
    }

    /** The UUID (version 5, namespace URL) of a thing, e.g. `acme/order/1`. */
    public static function uuid(string $name): string
    {
        return (string) Uuid::uuid5(Uuid::NAMESPACE_URL, "https://example.test/$name");
    }

    private static function email(string $user): string
    {
        return "$user@example.test";
    }

    /** Gives the client the id that it has on every test platform. */
    private function named(string $name, Client $client): string
    {
        $client->forceFill(['id' => self::uuid($name)])->save();

        return $client->getKey();
    }

    private function tenant(string $id, ?array $shop): void
    {
        foreach (array_keys($this->seed['roles']) as $role) {
            $permissions = Seed::permissions($this->seed['roles'], $role);
            foreach ($permissions as $permission) {
                Permission::findOrCreate($permission, 'api');
            }
            Role::create(['name' => $role, 'guard_name' => 'api'])->syncPermissions($permissions);
        }

        foreach ($this->seed['users'] as $key => $user) {
            if ($role = $user['tenants'][$id] ?? null) {
                $member = User::where('email', self::email($key))->first();
                $member->tenants()->attach($id, ['role' => $role, 'status' => 'active', 'joined_at' => now()]);
                $member->assignRole($role);
            }
        }

        if ($shop) {
            (new ShopSeeder($id, $this->seed))->fill($shop['orders'], Carbon::parse($shop['start']), $shop['minutes']);
        }
    }
}
