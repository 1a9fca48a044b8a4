"""The questions that come with nightdesk, read once for all tests of them."""

from probes.stack import Selection, selected, stack_folders

SHIPPED = selected(stack_folders(), Selection())
