/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "job.h"

#include "report.h"

enum exit_status job_fail(const struct job *job, enum exit_status status)
{
	report_error("%s", job->why.text);
	return status;
}

enum exit_status job_flash_status(const struct job *job, enum flash_err err)
{
	switch (err) {
	case FLASH_OK:		return STATUS_DONE;
	case FLASH_DEVICE:	return job_fail(job, STATUS_DEVICE);
	case FLASH_PROTECTED:	return job_fail(job, STATUS_PROTECTED);
	case FLASH_DIFFERS:	return job_fail(job, STATUS_DIFFERS);
	case FLASH_PORT:	return job_fail(job, STATUS_PORT);
	case FLASH_NO_MEMORY:	return job_fail(job, STATUS_DEVICE);
	case FLASH_TOO_BIG:	return job_fail(job, STATUS_FILE);
	case FLASH_STOPPED:	break;
	}
	report_error("%s (signal %d)", job->why.text[0] != '\0'
		     ? job->why.text : "stopped", (int)*job->caught);
	return (enum exit_status)(STATUS_SIGNAL + (int)*job->caught);
}

enum exit_status job_session_status(struct job *job, enum stm32_err err,
				    const char *what, uint32_t address)
{
	return job_flash_status(job, flash_explain(&job->flash, err, what,
						   address, &job->why));
}
