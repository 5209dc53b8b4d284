<?php

namespace App\Http\Controllers;

use App\Models\Invitation;
use App\Models\User;
use Closure;
use Illuminate\Http\JsonResponse;
use Illuminate\Http\Request;
use Illuminate\Http\Response;

/** Who is invited into a tenant. Nothing of it passes the module bus, so nothing of it is in the audit log. */
class TeamController
{
    /** The owner, 1, is never invited. */
    private const ROLES = '2,3,4,5';

    public function invite(Request $request): JsonResponse
    {
        $values = $request->validate([
            'email' => ['required', 'email', 'max:255', function (string $attribute, mixed $value, Closure $fail) {
                $member = User::where('email', $value)->whereHas('tenants', fn ($q) => $q->whereKey(tenant()->id))->exists();
                if ($member || Invitation::where('email', $value)->exists()) {
                    $fail('validation.unique')->translate();
                }
            }],
            'role_id' => 'required|in:'.self::ROLES,
        ]);
        $invitation = Invitation::create($values + ['invited_by' => $request->user('api')->id, 'expires_at' => now()->addWeek()]);

        return response()->json(['message' => 'Invitation sent.', 'invitation' => [
            'id' => $invitation->id,
            'email' => $invitation->email,
            'role' => $invitation->role->name,
            'expires_at' => $invitation->expires_at->toIso8601ZuluString(),
        ]], 201);
    }

    public function invitations(): array
    {
        return ['invitations' => Invitation::orderBy('id')->get()->map(fn (Invitation $i) => [
            'id' => $i->id,
            'email' => $i->email,
            'role' => ['id' => $i->role->id, 'name' => $i->role->name],
            'invited_by' => $i->inviter?->only('id', 'name'),
            'expires_at' => $i->expires_at->toIso8601ZuluString(),
            'created_at' => $i->created_at->toIso8601ZuluString(),
        ])->all()];
    }

    public function withdraw(string $id): Response
    {
        Invitation::findOrFail($id)->delete();

        return response()->noContent();
    }
}
