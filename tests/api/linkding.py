"""Uses the API by aiolinkding, a client that others wrote for linkding, from the first bookmark to the last.

The environment has the site's address as POLLS_URL and a token as POLLS_TOKEN.
"""

import asyncio
import os

import aiolinkding
import aiolinkding.errors

URL, TOKEN = os.environ["POLLS_URL"], os.environ["POLLS_TOKEN"]


async def refused(awaitable, error):
    try:
        await awaitable
    except error:
        return
    raise AssertionError(f"there was no {error.__name__}")


async def use():
    client = await aiolinkding.async_get_client(URL, TOKEN)
    assert (await client.bookmarks.async_get_all())["count"] == 0
    made = await client.bookmarks.async_create(
        "https://www.rust-lang.org/",
        title="Rust",
        description="A language",
        notes="*fast*",
        tag_names=["lang", "web"],
        unread=True,
        shared=True,
    )
    number = made["id"]
    assert (made["title"], made["notes"], made["tag_names"], made["unread"]) == ("Rust", "*fast*", ["lang", "web"], True)
    assert await client.bookmarks.async_get_single(number) == made
    found = await client.bookmarks.async_get_all(query="#lang", limit=10, offset=0)
    assert (found["count"], found["next"], found["results"]) == (1, None, [made])
    assert (await client.bookmarks.async_get_all(query="nothing"))["results"] == []

    changed = await client.bookmarks.async_update(number, title="Rust!", tag_names=["lang"], shared=True)
    assert (changed["title"], changed["description"], changed["tag_names"]) == ("Rust!", "A language", ["lang"])

    await client.bookmarks.async_archive(number)
    assert (await client.bookmarks.async_get_all())["count"] == 0
    assert (await client.bookmarks.async_get_archived(query="rust"))["results"][0]["id"] == number
    await client.bookmarks.async_unarchive(number)
    assert (await client.bookmarks.async_get_archived())["count"] == 0

    tags = await client.tags.async_get_all(limit=1)
    assert (tags["count"], tags["results"][0]["name"]) == (2, "lang")
    assert (await client.user.async_get_profile())["tag_search"] == "lax"

    errors = aiolinkding.errors
    await refused(client.bookmarks.async_create("no address"), errors.RequestError)
    await refused(client.bookmarks.async_get_single(number + 1), errors.UnknownEndpointError)
    # This version of the client names the member "example", which neither linkding nor this site takes for a name.
    await refused(client.tags.async_create("new"), errors.RequestError)
    await refused(aiolinkding.Client(URL, TOKEN + "x").bookmarks.async_get_all(), errors.InvalidTokenError)

    await client.bookmarks.async_delete(number)
    assert (await client.bookmarks.async_get_all())["count"] == 0


asyncio.run(use())
