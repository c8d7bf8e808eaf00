"""The calls of the API server that ``BatchJobOperator`` and its trigger make."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any, NamedTuple

from airflow.sdk.exceptions import AirflowFailException
from batchjob_rules import DIGEST, ENDED_BY, PREFIX, TRY_ID, Attempt, Json, is_of
from kubernetes import client, config
from urllib3.exceptions import HTTPError

#: A call of the API server takes no longer, from the connection to the last byte.
CALL_SECONDS = 10


class Place(NamedTuple):
    """A namespace, and the way to its API server."""

    namespace: str
    config_file: str | None = None
    cluster_context: str | None = None


def connect(
    config_file: str | None, cluster_context: str | None, configuration: client.Configuration
) -> None:
    """As the kubeconfig says; else as the pod's service account; outside of a pod by ``KUBECONFIG``."""
    if not (config_file or cluster_context):
        try:
            return config.load_incluster_config(configuration)
        except config.ConfigException:
            pass
    return config.load_kube_config(config_file, cluster_context, configuration)


class BatchJobs:
    """Those of one place."""

    def __init__(self, place: Place) -> None:
        namespace, config_file, cluster_context = place
        configuration = client.Configuration()
        try:
            connect(config_file, cluster_context, configuration)
        except config.ConfigException as error:
            raise AirflowFailException(f"no way to the API server: {error}; set config_file") from error
        self._api = client.CustomObjectsApi(client.ApiClient(configuration))
        self._place = {"group": "awsbatch.dev", "version": "v1alpha1", "plural": "batchjobs"}
        self._place |= {"namespace": namespace, "_request_timeout": CALL_SECONDS}

    def of(self, attempt: Attempt) -> list[Json]:
        """All BatchJobs of the task instance, as they are now."""
        selector = f"{DIGEST}={attempt.digest}"
        found = self._api.list_namespaced_custom_object(**self._place, label_selector=selector)["items"]
        for batchjob in found:
            check(batchjob, attempt)
        return found

    def create(self, manifest: Json) -> Json | None:
        """Creates it; ``None``: there is one of this name, or there may be one by now."""
        try:
            return self._api.create_namespaced_custom_object(**self._place, body=manifest)
        except client.ApiException as error:
            if error.status == HTTPStatus.CONFLICT:
                return None
            if error.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
                raise AirflowFailException(f"the API server refuses the spec: {error.body}") from error
            if not is_passing(error):
                raise
        except HTTPError:
            pass
        # The answer was lost. A name is given once, so that another create can only be refused.
        return None

    def get(self, name: str) -> Json | None:
        """The object as it is now; ``None``: there is none."""
        try:
            return self._api.get_namespaced_custom_object(**self._place, name=name)
        except client.ApiException as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def look(self, seen: Json) -> Json | None:
        """The object, at least as new as it was seen before; ``None``: it is gone.

        The API server answers from its cache and asks etcd nothing. While it does not answer at all, what was
        seen before still holds: the job runs, whether anybody looks or not.
        """
        metadata = seen["metadata"]
        which = {"field_selector": f"metadata.name={metadata['name']}"}
        if version := metadata.get("resourceVersion"):
            which |= {"resource_version": version, "resource_version_match": "NotOlderThan"}
        try:
            found = self._api.list_namespaced_custom_object(**self._place, **which)["items"]
        except (client.ApiException, HTTPError) as error:
            if isinstance(error, client.ApiException) and not is_passing(error):
                raise
            # A version that the API server does not know, as after a restore of etcd, is not asked for again.
            return {**seen, "metadata": {**metadata, "resourceVersion": None}}
        return next((b for b in found if b["metadata"]["uid"] == metadata["uid"]), None)

    def mark(self, name: str, held_by: str, changes: dict[str, Any]) -> Json | None:
        """Adds the members, if that try still looks after the object; ``None``: it does not."""
        guard = {"op": "test", "path": pointer(TRY_ID), "value": held_by}
        patch = [guard, *({"op": "add", "path": path, "value": value} for path, value in changes.items())]
        # The client takes every patch of a custom object for a merge patch, which has no test.
        kind = {"_content_type": "application/json-patch+json"}
        try:
            return self._api.patch_namespaced_custom_object(**self._place, **kind, name=name, body=patch)
        except client.ApiException as error:
            if error.status in (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
                return None
            raise

    def end(self, name: str, held_by: str, who: str) -> bool:
        """Has the operator end the job, or never submit it. The object stays, as the record."""
        deadlines = {"/spec/activeDeadlineSeconds": 1, "/spec/submitDeadlineSeconds": 1}
        return self.mark(name, held_by, {pointer(ENDED_BY): who, **deadlines}) is not None


@cache
def shared(place: Place) -> BatchJobs:
    """One client for all triggers of a process: they share its connections."""
    return BatchJobs(place)


def check(batchjob: Json, attempt: Attempt) -> None:
    """An error, if somebody has given its name or its marks to another one."""
    if not is_of(batchjob, attempt):
        raise AirflowFailException(
            f"BatchJob {batchjob['metadata']['name']} is not, or no more, one of this task instance: "
            f"its label or its annotations {PREFIX} differ. Put them back, or delete the BatchJob"
        )


def pointer(annotation: str) -> str:
    """The JSON pointer of an annotation."""
    return "/metadata/annotations/" + annotation.replace("~", "~0").replace("/", "~1")


def is_passing(error: client.ApiException) -> bool:
    """Whether the API server may answer otherwise in a moment."""
    return error.status == HTTPStatus.TOO_MANY_REQUESTS or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
