/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In place of Wine's wineboot.exe, for wine32.sh: what that would set up is
 * there already. Programs wait until it says that it has done so.
 */
#include <windows.h>
#include <winternl.h>

NTSTATUS NTAPI NtOpenEvent(HANDLE *event, ACCESS_MASK access,
			   const OBJECT_ATTRIBUTES *which);
NTSTATUS NTAPI NtSetEvent(HANDLE event, LONG *before);

int main(void)
{
	OBJECT_ATTRIBUTES which;
	UNICODE_STRING name;
	HANDLE event;

	RtlInitUnicodeString(&name, L"\\KernelObjects\\__wineboot_event");
	InitializeObjectAttributes(&which, &name, 0, NULL, NULL);
	if (NtOpenEvent(&event, EVENT_MODIFY_STATE, &which) != 0)
		return 1;
	return NtSetEvent(event, NULL) != 0;
}
