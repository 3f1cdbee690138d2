# SPDX-License-Identifier: MIT
"""What the office says and plays: the script, its sounds, replacements, and music on hold.

prompts = PromptSet(data_directory, "en")
prompts.prepare()                            # once, in a thread
prompts.path(Phrase("goodbye"))              # a WAV of 8 kHz that the engine plays
"""
